# SPDX-License-Identifier: GPL-2.0-or-later
# The desktop is there: the tabs of its terminals, the title of its status.
use Mojo::Base 'basetest', -signatures;
use testapi;

sub run ($self) {
    assert_screen 'desktop', get_var('PATIENCE');
}

sub test_flags ($self) { {fatal => 1} }

1;
