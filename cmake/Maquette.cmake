# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a builder of components needs: maq_interface() and maq_component(). Used by
# Maquette's own tree and, installed as part of the CMake package, by others.

find_package(PkgConfig REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# maq_pkg(VARIABLE MODULE): the imported target of a pkg-config module
function(maq_pkg variable module)
    string(MAKE_C_IDENTIFIER "MAQ_PKG_${module}" prefix)
    if(NOT TARGET PkgConfig::${prefix})
        pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET GLOBAL ${module})
    endif()
    set(${variable} PkgConfig::${prefix} PARENT_SCOPE)
endfunction()
