# SPDX-License-Identifier: Apache-2.0
# Functions that every room, program and test is declared with.

# hab_add_subdirectories(<parent> dir...): several directories of one parent, in order.
function(hab_add_subdirectories parent)
    foreach(dir IN LISTS ARGN)
        add_subdirectory(${parent}/${dir})
    endforeach()
endfunction()

# hab_add_room(NAME n SOURCES f... [LINKS public...] [PRIVATE_LINKS private...])
# A static library hab::n; headers are included as "n/file.hpp".
function(hab_add_room)
    cmake_parse_arguments(ROOM "" "NAME" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    add_library(hab_${ROOM_NAME} STATIC ${ROOM_SOURCES})
    add_library(hab::${ROOM_NAME} ALIAS hab_${ROOM_NAME})
    target_include_directories(hab_${ROOM_NAME} PUBLIC ${CMAKE_SOURCE_DIR}/core)
    target_link_libraries(hab_${ROOM_NAME}
        PUBLIC ${ROOM_LINKS}
        PRIVATE hab::warnings hab::sanitizers hab::hardening ${ROOM_PRIVATE_LINKS})
endfunction()

# hab_add_program(NAME n DIR bin|libexec SOURCES f... LINKS ...)
function(hab_add_program)
    cmake_parse_arguments(PROG "" "NAME;DIR" "SOURCES;LINKS" ${ARGN})
    add_executable(${PROG_NAME} ${PROG_SOURCES})
    target_include_directories(${PROG_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/core)
    target_link_libraries(${PROG_NAME} PRIVATE
        hab::warnings hab::sanitizers hab::hardening ${PROG_LINKS})
    target_link_options(${PROG_NAME} PRIVATE $<$<CONFIG:Release>:-Wl,--gc-sections>)
    if(PROG_DIR STREQUAL "libexec")
        set_target_properties(${PROG_NAME} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${HAB_LIBEXEC_OUTPUT_DIR})
        install(TARGETS ${PROG_NAME} RUNTIME DESTINATION libexec/hab)
    else()
        install(TARGETS ${PROG_NAME} RUNTIME DESTINATION bin)
    endif()
endfunction()

# hab_add_module(NAME n SOURCES f... LINKS ...)
# A private shared object of this build (not the SDK): code whose libraries are too heavy to link into
# programs that mostly do not need them. Loaded on first use through one factory function.
function(hab_add_module)
    cmake_parse_arguments(MOD "" "NAME" "SOURCES;LINKS" ${ARGN})
    add_library(hab-module-${MOD_NAME} MODULE ${MOD_SOURCES})
    target_include_directories(hab-module-${MOD_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/core)
    target_link_libraries(hab-module-${MOD_NAME} PRIVATE
        hab::warnings hab::sanitizers hab::hardening ${MOD_LINKS})
    set_target_properties(hab-module-${MOD_NAME} PROPERTIES
        PREFIX "" OUTPUT_NAME hab-${MOD_NAME} LIBRARY_OUTPUT_DIRECTORY ${HAB_MODULE_OUTPUT_DIR})
    install(TARGETS hab-module-${MOD_NAME} LIBRARY DESTINATION ${HAB_MODULE_INSTALL_DIR})
endfunction()

# hab_add_unit_test(ROOM r SOURCES f... [LINKS ...]): one gtest program per room, label "unit".
function(hab_add_unit_test)
    cmake_parse_arguments(T "" "ROOM" "SOURCES;LINKS" ${ARGN})
    _hab_add_gtest(unit_${T_ROOM} unit 120 "${T_SOURCES}"
        "hab::${T_ROOM};${T_LINKS};GTest::gmock_main" "" "")
endfunction()

# hab_add_integration_test(NAME n SOURCES f... [LINKS ...] [TIMEOUT s] [DEPENDS targets...]
#                          [NETWORK] [EXCLUSIVE])
# Label "integration": runs real programs inside a world of its own (tests/support/world.hpp).
# NETWORK keeps the machine's network, for downloads. EXCLUSIVE tests run alone.
function(hab_add_integration_test)
    cmake_parse_arguments(T "EXCLUSIVE;NETWORK" "NAME;TIMEOUT" "SOURCES;LINKS;DEPENDS" ${ARGN})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 300)
    endif()
    set(serial "")
    if(T_EXCLUSIVE)
        set(serial "RUN_SERIAL;TRUE")
    endif()
    set(main hab_world_main)
    if(T_NETWORK)
        set(main hab_world_main_network)
    endif()
    _hab_add_gtest(integration_${T_NAME} integration ${T_TIMEOUT}
        "${T_SOURCES};$<TARGET_OBJECTS:${main}>" "hab::test_support;${T_LINKS}"
        "${serial}" "${T_DEPENDS}")
endfunction()

function(_hab_add_gtest target label timeout sources links extra_properties depends)
    add_executable(${target} ${sources})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/core ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE hab::warnings hab::sanitizers ${links} GTest::gmock)
    target_precompile_headers(${target} REUSE_FROM hab_test_pch)
    if(depends)
        add_dependencies(${target} ${depends})
    endif()
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    gtest_discover_tests(${target}
        TEST_PREFIX ${target}.
        DISCOVERY_MODE PRE_TEST
        DISCOVERY_TIMEOUT 60
        PROPERTIES LABELS ${label} TIMEOUT ${timeout} SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]"
                   # Two properties, since gtest_discover_tests takes a list apart at its semicolon.
                   ENVIRONMENT "HAB_TEST_BUILD_DIR=${CMAKE_BINARY_DIR}"
                   ENVIRONMENT_MODIFICATION "HAB_TEST_SOURCE_DIR=set:${CMAKE_SOURCE_DIR}"
                   ${extra_properties})
endfunction()
