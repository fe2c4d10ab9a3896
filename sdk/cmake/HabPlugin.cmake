# SPDX-License-Identifier: Apache-2.0
# hab_add_plugin(): builds a plugin library the way the host expects it. Part of the installed SDK.

set(_HAB_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/hab-plugin.map)
set_property(GLOBAL PROPERTY HAB_PLUGIN_VERSION_SCRIPT ${_HAB_PLUGIN_VERSION_SCRIPT})

# hab_add_plugin(NAME n KIND exporter|studio|topology|template SOURCES f... [LINKS ...] [NO_INSTALL])
# Makes target hab-<kind>-<name> and the file hab-<kind>-<name>.so, which exports the entry function
# and nothing else. It is installed to lib/hab/plugins/1 unless NO_INSTALL.
function(hab_add_plugin)
    cmake_parse_arguments(P "NO_INSTALL" "NAME;KIND" "SOURCES;LINKS" ${ARGN})
    if(NOT P_NAME OR NOT P_SOURCES OR NOT P_KIND MATCHES "^(exporter|studio|topology|template)$")
        message(FATAL_ERROR "hab_add_plugin(NAME n KIND exporter|studio|topology|template SOURCES f...)"
                            " was called with NAME '${P_NAME}', KIND '${P_KIND}'")
    endif()
    get_property(map GLOBAL PROPERTY HAB_PLUGIN_VERSION_SCRIPT)
    set(target hab-${P_KIND}-${P_NAME})
    add_library(${target} MODULE ${P_SOURCES})
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_link_libraries(${target} PRIVATE hab::sdk ${P_LINKS})
    # In the project's own tree: its warnings and sanitizers.
    foreach(own hab::warnings hab::sanitizers)
        if(TARGET ${own})
            target_link_libraries(${target} PRIVATE ${own})
        endif()
    endforeach()
    # GNU unique symbols would be shared by every plugin in the process; clang has no such flag.
    target_compile_options(${target} PRIVATE
        $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fno-gnu-unique>)
    target_link_options(${target} PRIVATE
        -Wl,-z,defs -Wl,-z,relro -Wl,-z,now -Wl,--version-script=${map})
    set_target_properties(${target} PROPERTIES
        PREFIX "" SUFFIX ".so" OUTPUT_NAME ${target}
        CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        LINK_DEPENDS ${map})
    if(HAB_PLUGIN_OUTPUT_DIR AND NOT P_NO_INSTALL)
        set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${HAB_PLUGIN_OUTPUT_DIR})
    endif()
    if(NOT P_NO_INSTALL)
        install(TARGETS ${target} LIBRARY DESTINATION lib/hab/plugins/1)
    endif()
endfunction()
