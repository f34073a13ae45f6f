# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a builder of components needs: maq_interface() and maq_component(). Used by
# Maquette's own tree and, installed as part of the CMake package, by others.

# The generator: in the tree, or installed next to this file.
find_file(MAQ_GEN maqgen.py NO_DEFAULT_PATH REQUIRED
    PATHS ${CMAKE_CURRENT_LIST_DIR}/../src/maqgen ${CMAKE_CURRENT_LIST_DIR}/maqgen)

include(GNUInstallDirs)
find_package(PkgConfig REQUIRED)
# Not a script that looks for the interpreter each time (pyenv has such ones): it is called often.
if(NOT Python3_EXECUTABLE)
    execute_process(COMMAND python3 -c "import sys; print(sys.executable)" ERROR_QUIET
        OUTPUT_VARIABLE Python3_EXECUTABLE OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# maq_pkg(VARIABLE MODULE): the imported target of a pkg-config module
function(maq_pkg variable module)
    string(MAKE_C_IDENTIFIER "MAQ_PKG_${module}" prefix)
    if(NOT TARGET PkgConfig::${prefix})
        pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET GLOBAL ${module})
    endif()
    set(${variable} PkgConfig::${prefix} PARENT_SCOPE)
endfunction()

# maq_interface(TARGET FILES a.xml b.xml ...)
#
# A static library of the clients, server skeletons and headers <maq/a.h>, <maq/b.h>
# that maqgen makes from interface definitions, in the build directory.
function(maq_interface target)
    cmake_parse_arguments(A "" "" "FILES" ${ARGN})
    get_filename_component(folder ${MAQ_GEN} REALPATH)
    get_filename_component(folder ${folder} DIRECTORY)
    file(GLOB generator CONFIGURE_DEPENDS ${folder}/*.py)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target})
    set(stamps)
    set(sources)
    foreach(file ${A_FILES})
        get_filename_component(xml ${file} ABSOLUTE)
        get_filename_component(name ${file} NAME_WE)
        # the stamp is newer than the XML even where maqgen leaves equal files alone
        add_custom_command(
            OUTPUT ${out}/${name}.stamp
            BYPRODUCTS ${out}/include/maq/${name}.h ${out}/${name}.c
            COMMAND ${Python3_EXECUTABLE} -B ${MAQ_GEN} --out-include ${out}/include
                --out-source ${out} ${xml}
            COMMAND ${CMAKE_COMMAND} -E touch ${out}/${name}.stamp
            DEPENDS ${xml} ${generator}
            COMMENT "maqgen ${name}.xml"
            VERBATIM)
        list(APPEND stamps ${out}/${name}.stamp)
        list(APPEND sources ${out}/${name}.c)
    endforeach()
    # its own target, so that who only includes the headers waits for it, too
    add_custom_target(${target}-generate DEPENDS ${stamps})
    set_source_files_properties(${sources} PROPERTIES GENERATED TRUE)
    add_library(${target} STATIC ${sources})
    add_dependencies(${target} ${target}-generate)
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${out}/include>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_compile_options(${target} PRIVATE -Wconversion)
    target_link_libraries(${target} PUBLIC maq::session)
endfunction()

option(MAQ_STATIC_GLIB "Link GLib into components that are declared STATIC_GLIB" ON)
find_library(MAQ_GLIB_ARCHIVE libglib-2.0.a DOC "GLib to be linked statically")

# Links GLib into this program, instead of loading it whenever the program starts.
function(maq_link_glib_statically name)
    if(NOT MAQ_STATIC_GLIB OR NOT MAQ_GLIB_ARCHIVE)
        return()
    endif()
    if(NOT TARGET maq::static_glib)
        list(TRANSFORM GLIB_STATIC_LIBRARIES REPLACE "^(glib-2.0|pcre2-8)$" ":lib\\1.a"
            OUTPUT_VARIABLE libraries)
        list(TRANSFORM libraries PREPEND "-l")
        add_library(maq::static_glib INTERFACE IMPORTED GLOBAL)
        target_include_directories(maq::static_glib INTERFACE ${GLIB_INCLUDE_DIRS})
        target_link_libraries(maq::static_glib INTERFACE ${libraries})
    endif()
    set_target_properties(${name} PROPERTIES MAQ_HAS_STATIC_GLIB ON)
    target_link_options(${name} PRIVATE -Wl,--gc-sections)
endfunction()

# maq_component(NAME SOURCES ... [STATIC_GLIB] [LIBRARIES target ...]
#               [PKG pkg-config-module ...] [DATA kind ...])
#
# A component: the program NAME, which sees libmaq and what is named here, nothing else.
# STATIC_GLIB: it has GLib within itself and starts sooner (docs/decisions/figures.md); for
# small ones, of whose other libraries none uses GLib.
# DATA: what of the machine's public data it reads when it runs: fonts, xkb, novnc,
# "time zones". It becomes the file NAME.data beside the program, for core.
function(maq_component name)
    cmake_parse_arguments(A "STATIC_GLIB" "" "SOURCES;LIBRARIES;PKG;DATA" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    if(A_STATIC_GLIB)
        maq_link_glib_statically(${name})
    endif()
    target_link_libraries(${name} PRIVATE maq::env ${A_LIBRARIES})
    foreach(module ${A_PKG})
        maq_pkg(target ${module})
        target_link_libraries(${name} PRIVATE ${target})
    endforeach()
    install(TARGETS ${name} DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/maquette)
    if(A_DATA)
        list(JOIN A_DATA "\n" lines)
        file(GENERATE OUTPUT $<TARGET_FILE:${name}>.data CONTENT "${lines}\n")
        install(FILES $<TARGET_FILE:${name}>.data
            DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/maquette)
    endif()
endfunction()

# maq_component_test(NAME SOURCES ... COMPONENTS component ... [LIBRARIES target ...]
#                    [TIMEOUT seconds])
#
# The program test-NAME, run by ctest: a test of components declared before, all in one
# process, by maq/test.h. The main function of a component timer is maq_main_timer in it.
function(maq_component_test name)
    cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;COMPONENTS;LIBRARIES" ${ARGN})
    add_executable(test-${name} ${A_SOURCES})
    set_target_properties(test-${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(test-${name} PRIVATE maq::test ${A_LIBRARIES})
    foreach(component ${A_COMPONENTS})
        maq_component_as_function(${component})
        target_link_libraries(test-${name} PRIVATE ${component}-as-function)
    endforeach()
    add_test(NAME ${name} COMMAND test-${name})
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 120)
    endif()
    if(COMMAND maq_test_properties)
        maq_test_properties(${name} component ${A_TIMEOUT})
    else()
        set_tests_properties(${name} PROPERTIES TIMEOUT ${A_TIMEOUT})
    endif()
endfunction()

# The objects of a component whose main function has another name.
function(maq_component_as_function component)
    if(TARGET ${component}-as-function)
        return()
    endif()
    string(MAKE_C_IDENTIFIER "maq_main_${component}" main)
    get_target_property(folder ${component} SOURCE_DIR)
    get_target_property(files ${component} SOURCES)
    get_target_property(libraries ${component} LINK_LIBRARIES)
    list(TRANSFORM files PREPEND ${folder}/ REGEX "^[^/$]")
    add_library(${component}-as-function OBJECT EXCLUDE_FROM_ALL ${files})
    target_compile_definitions(${component}-as-function PRIVATE main=${main})
    target_compile_options(${component}-as-function PRIVATE -Wno-missing-prototypes)
    target_link_libraries(${component}-as-function PUBLIC ${libraries})
endfunction()
