# SPDX-License-Identifier: GPL-2.0-or-later
# A needle that the desktop does not show: this test has to fail.
use Mojo::Base 'basetest', -signatures;
use testapi;

sub run ($self) {
    assert_screen 'wrong', 10;
}

1;
