# SPDX-License-Identifier: GPL-2.0-or-later
# What os-autoinst does with scenarios/desktop: each test goes on where the last one ended.
use Mojo::Base -strict;
use autotest;

autotest::loadtest "tests/$_.pm" for split /,/, $bmwqemu::vars{TESTS};

1;
