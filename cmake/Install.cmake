# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What is installed beside the programs and libraries, which install themselves: headers,
# the CMake package, the pkg-config file, scenarios, manual, completion, the systemd unit.

include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Maquette)

install(DIRECTORY src/maq/include/maq DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN *.h)
install(DIRECTORY scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/maquette/scenarios)
# the texts lie to each other as they do here, so that their links lead somewhere
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
    FILES_MATCHING PATTERN *.md PATTERN man EXCLUDE)
install(DIRECTORY tests/outside DESTINATION ${CMAKE_INSTALL_DOCDIR}/tests)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR})

# find_package(Maquette)
get_property(MAQ_PACKAGES GLOBAL PROPERTY MAQ_PACKAGES)
configure_package_config_file(cmake/MaquetteConfig.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/MaquetteConfig.cmake
    INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/MaquetteConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(EXPORT MaquetteTargets NAMESPACE maq:: DESTINATION ${package})
install(FILES cmake/Maquette.cmake ${CMAKE_CURRENT_BINARY_DIR}/MaquetteConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/MaquetteConfigVersion.cmake DESTINATION ${package})

# pkg-config --libs maq; its paths are relative to itself, so that the tree can be moved
file(RELATIVE_PATH MAQ_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
    ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/maq.pc.in ${CMAKE_CURRENT_BINARY_DIR}/maq.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/maq.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# for the shell and the session
install(FILES docs/man/maquette.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES completions/maquette
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
# The unit names the program's place, which is only known when it is installed.
configure_file(cmake/install-unit.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/install-unit.cmake @ONLY)
install(SCRIPT ${CMAKE_CURRENT_BINARY_DIR}/install-unit.cmake)
