# SPDX-License-Identifier: LGPL-2.1-or-later
#
# ./dev package: a Debian package of everything that is installed

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Maquette maintainers")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Whole systems of components in the manner of Genode are put together from a text
and run as ordinary processes. Contains the command line, components, scenarios, and
what is needed to build components of one's own.")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS fonts-dejavu-core)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, libglib2.0-dev, pkg-config, python3")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
# by DESTDIR, so that what names the prefix names the one after installation
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)

include(CPack)
