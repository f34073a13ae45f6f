# SPDX-License-Identifier: GPL-2.0-or-later
# What is typed reaches the shell, and its answer the screen.
use Mojo::Base 'basetest', -signatures;
use testapi;

sub run ($self) {
    type_string "clear; echo \$((6 * 7)) \"words & signs\"\n";
    assert_screen 'answer', get_var('PATIENCE');
}

1;
