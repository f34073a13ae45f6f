# SPDX-License-Identifier: GPL-2.0-or-later
# A click on the other terminal's tab shows that one; it gets what is typed then.
use Mojo::Base 'basetest', -signatures;
use testapi;

sub run ($self) {
    assert_and_click 'desktop', timeout => get_var('PATIENCE');
    type_string "clear; seq 3\n";
    assert_screen 'other', get_var('PATIENCE');
}

1;
