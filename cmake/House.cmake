# SPDX-License-Identifier: GPL-2.0-or-later
#
# How everything in this house is compiled, and the functions that declare the
# house's own kinds of targets: libraries, tests, fuzz targets, benchmarks.
# Components are declared by Maquette.cmake, which is installed for others, too.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # GNU C: scoped clean-up, Linux system interfaces
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(MAQ_WERROR "Warnings are errors" ON)
option(MAQ_COVERAGE "Instrument for lcov" OFF)
option(MAQ_FUZZ "Link fuzz targets with libFuzzer" OFF)
set(MAQ_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0>=2.74)

add_compile_definitions(_GNU_SOURCE G_LOG_USE_STRUCTURED)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wwrite-strings -Wvla -fno-common
    "$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes>")
if(MAQ_WERROR)
    add_compile_options(-Werror)
endif()
if(MAQ_SANITIZE)
    add_compile_options(-fsanitize=${MAQ_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=${MAQ_SANITIZE})
    add_compile_definitions(MAQ_SANITIZED=1)
endif()
if(MAQ_SANITIZE OR MAQ_COVERAGE)
    set(MAQ_STATIC_GLIB OFF)
endif()
if(MAQ_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
if(MAQ_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# maq_library(AREA SOURCES ... [DEPENDS area ...] [PKG pkg-config-module ...])
#
# Declares the static library libmaq-AREA (target maq-AREA, alias maq::AREA). Its
# public headers lie in src/maq/include/maq.
function(maq_library area)
    cmake_parse_arguments(A "" "" "SOURCES;DEPENDS;PKG" ${ARGN})
    add_library(maq-${area} STATIC ${A_SOURCES})
    add_library(maq::${area} ALIAS maq-${area})
    set_target_properties(maq-${area} PROPERTIES EXPORT_NAME ${area})
    target_include_directories(maq-${area}
        PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src/maq/include>
               $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(maq-${area} PUBLIC
        "$<IF:$<BOOL:$<TARGET_PROPERTY:MAQ_HAS_STATIC_GLIB>>,maq::static_glib,PkgConfig::GLIB>")
    foreach(dependency ${A_DEPENDS})
        target_link_libraries(maq-${area} PUBLIC maq-${dependency})
    endforeach()
    foreach(module ${A_PKG})
        maq_pkg(target ${module})
        target_link_libraries(maq-${area} PUBLIC ${target})
        set_property(GLOBAL APPEND PROPERTY MAQ_PACKAGES ${module}) # for MaquetteConfig
    endforeach()
    install(TARGETS maq-${area} EXPORT MaquetteTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# maq_parts(NAME SOURCES ... [LIBRARIES target ...] [PKG pkg-config-module ...])
#
# Parts of a program that its tests have as well: compiled once, and so what is tested is what
# runs. They are for programs only (-fPIE), which is what maq_component() has.
function(maq_parts name)
    cmake_parse_arguments(A "" "" "SOURCES;LIBRARIES;PKG" ${ARGN})
    add_library(${name} OBJECT ${A_SOURCES})
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${name} PRIVATE -fPIE)
    target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC PkgConfig::GLIB ${A_LIBRARIES})
    foreach(module ${A_PKG})
        maq_pkg(target ${module})
        target_link_libraries(${name} PUBLIC ${target})
    endforeach()
endfunction()

# A program that is not installed, in this folder of the build.
function(maq_house_program program folder sources libraries modules)
    add_executable(${program} ${sources})
    set_target_properties(${program} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
    target_link_libraries(${program} PRIVATE PkgConfig::GLIB ${libraries})
    foreach(module ${modules})
        maq_pkg(target ${module})
        target_link_libraries(${program} PRIVATE ${target})
    endforeach()
endfunction()

# maq_unit_test(NAME SOURCES ... [LIBRARIES target ...] [PKG module ...]
#               [LABELS label ...] [ARGS ...] [TIMEOUT seconds])
#
# A program of g_test cases, run by ctest; exit code 77 means skipped.
function(maq_unit_test name)
    cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;LIBRARIES;PKG;LABELS;ARGS" ${ARGN})
    maq_house_program(test-${name} tests "${A_SOURCES}" "${A_LIBRARIES}" "${A_PKG}")
    add_test(NAME ${name} COMMAND test-${name} ${A_ARGS})
    if(NOT A_LABELS)
        set(A_LABELS unit)
    endif()
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 120)
    endif()
    maq_test_properties(${name} "${A_LABELS}" ${A_TIMEOUT})
endfunction()

# maq_script_test(NAME COMMAND ... [LABELS ...] [TIMEOUT seconds]): any program as a test
function(maq_script_test name)
    cmake_parse_arguments(A "" "TIMEOUT" "COMMAND;LABELS" ${ARGN})
    add_test(NAME ${name} COMMAND ${A_COMMAND})
    if(NOT A_LABELS)
        set(A_LABELS component)
    endif()
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 120)
    endif()
    maq_test_properties(${name} "${A_LABELS}" ${A_TIMEOUT})
endfunction()

function(maq_test_properties name labels timeout)
    # a warning is a failure, but for scenarios: there peers misbehave on purpose
    if("scenario" IN_LIST labels)
        set(warnings "")
    else()
        set(warnings "fatal-warnings")
    endif()
    math(EXPR patience "2 * ${timeout}") # for machines that are slower, or busy
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${patience}
        COST ${timeout} # those that may take long begin first
        SKIP_RETURN_CODE 77
        ENVIRONMENT "G_DEBUG=${warnings};MAQ_BIN=${CMAKE_BINARY_DIR}/bin;MAQ_SOURCE=${PROJECT_SOURCE_DIR};MAQ_BUILD=${CMAKE_BINARY_DIR};UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# maq_fuzz(NAME SOURCES ... [LIBRARIES ...] SEEDS directory)
#
# A libFuzzer target under the fuzz preset; in every other build the same target
# reads each seed once, as the ctest fuzz-seed-NAME.
function(maq_fuzz name)
    cmake_parse_arguments(A "" "SEEDS" "SOURCES;LIBRARIES" ${ARGN})
    maq_house_program(fuzz-${name} fuzz "${A_SOURCES}" "${A_LIBRARIES}" "")
    if(MAQ_FUZZ)
        target_link_options(fuzz-${name} PRIVATE -fsanitize=fuzzer)
    else()
        if(NOT TARGET fuzz-seeds)
            maq_parts(fuzz-seeds SOURCES ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds_main.c)
        endif()
        target_link_libraries(fuzz-${name} PRIVATE fuzz-seeds)
        maq_script_test(fuzz-seed-${name} LABELS fuzz-seed
            COMMAND fuzz-${name} ${A_SEEDS})
    endif()
endfunction()

# maq_bench(NAME SOURCES ... [LIBRARIES ...] [PKG ...]): a benchmark for ./dev bench
function(maq_bench name)
    cmake_parse_arguments(A "" "" "SOURCES;LIBRARIES;PKG" ${ARGN})
    maq_house_program(bench-${name} bench "${A_SOURCES}" "${A_LIBRARIES}" "${A_PKG}")
endfunction()
