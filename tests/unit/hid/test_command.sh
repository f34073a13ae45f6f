#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# test_command - what the command 'hid' prints and its exit codes
# usage: test_command.sh PROGRAM
hid=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

# expect CODE OUTPUT ARGUMENT...: standard output and exit code; input: config.hid
expect() {
	code=$1 wanted=$2
	shift 2
	output=$("$hid" "$@" 2>"$work/errors")
	found=$?
	if [ "$found" != "$code" ] || [ "$output" != "$wanted" ]; then
		echo "hid $*: exit code $found, expected $code; output:"
		echo "$output"
		cat "$work/errors"
		failures=$((failures + 1))
	fi
}

# expect_error TEXT: what the last command said
expect_error() {
	grep -qF -- "$1" "$work/errors" || {
		echo "expected '$1' among:"
		cat "$work/errors"
		failures=$((failures + 1))
	}
}

config=$work/config.hid
printf 'config\n\n+ start a   | ram: 1M\n  + route | + parent\nx start b\n-\n' >"$config"
printf 'config | a: 1 | a: 2\n-\n' >"$work/twice.hid"
printf 'schema config\n+ type n | : \\d+\n+ node start\n  + attr name | type: n\n-\n' \
	>"$work/config.hsd"

expect 0 'config
+ start a   | ram: 1M
  + route
    + parent
x start b
-' format "$config"
expect 0 '<config>
	<start name="a" ram="1M">
		<route>
			<parent/>
		</route>
	</start>
</config>' --output-xml format "$config"
expect 0 'route
+ parent
-' subnodes 'config | + start a | + route' "$config"
expect 0 'a
b' get 'config | + start | : name' "$config"
expect 0 '' get 'config | + start | : other' "$config"
expect 0 'config

+ start a   | ram: 2M
  + route | + parent
x start b | ram: 2M
-' set 'config | + start | : ram: 2M' "$config"
expect 0 'config

+ start a   | ram: 1M
x start b
-' remove 'config | + start | + route' "$config"
expect 0 '' -i disable 'config | + start a' "$config"
expect 0 '' get 'config | x: y | : name' "$config"
grep -q '^x start a' "$config" || failures=$((failures + 1))
expect 0 '' -i enable 'config | + start' "$config"
[ "$(grep -c '^+ start' "$config")" = 2 ] || failures=$((failures + 1))
expect 0 '' check "$config"
expect 1 '' check "$work/twice.hid"
expect_error "twice.hid:1:17: 'a' is given twice"
expect 0 'config | a: 1 | a: 2
-' format "$work/twice.hid"
expect 1 '' check --schema "$work/config.hsd" "$config"
expect_error "config.hid:3:9: 'name' of 'start' is 'a'"
expect 1 '' check --hsd-dir "$work" --schema config "$config"
expect 1 '' check --hsd-dir "$work" --schema other "$config"
expect 1 '' check --schema config "$config"
expect_error '--hsd-dir'
expect 1 '' format "$work/missing.hid"
expect 1 '' remove 'config' "$config"
expect 1 '' get 'config' "$config"
expect 100 '' frobnicate "$config"
expect 100 '' get "$config"
expect 100 '' format
expect 100 ''
expect 100 '' --schema
printf '<config><start name="a"/></config>' >"$work/config.xml"
expect 0 'config
+ start a | ram: 1M
-' --import-xml set 'config | + start a | : ram: 1M' "$work/config.xml"
output=$(printf 'config\n-\n' | "$hid" format -)
[ "$output" = 'config
-' ] || failures=$((failures + 1))
"$hid" --help | grep -q 'subnodes' || failures=$((failures + 1))
[ "$failures" = 0 ]
