# What every target of the project shares: language, warnings, definitions, ccache, sanitizers, and how a room is declared.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_AUTOMOC_MOC_OPTIONS "")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # GCC's precompiled headers need these two to be cached at all.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()

option(ANTIPHON_WERROR "Treat warnings as errors" ON)
set(ANTIPHON_SANITIZE "" CACHE STRING "Value for -fsanitize=, empty for none")

add_library(antiphon-settings INTERFACE)
target_compile_options(antiphon-settings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
if(ANTIPHON_WERROR)
    target_compile_options(antiphon-settings INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(antiphon-settings INTERFACE -fpch-preprocess)
endif()
if(ANTIPHON_SANITIZE)
    target_compile_options(antiphon-settings INTERFACE -fsanitize=${ANTIPHON_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(antiphon-settings INTERFACE -fsanitize=${ANTIPHON_SANITIZE})
    if(ANTIPHON_SANITIZE MATCHES "undefined")
        # A finding ends the program. The check of vptr looks through a pipe, so it accuses everything once descriptors have run out, which a test is about.
        target_compile_options(antiphon-settings INTERFACE -fno-sanitize=vptr -fno-sanitize-recover=undefined)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Optimised and instrumented, GCC takes values for uninitialized that aren't.
        target_compile_options(antiphon-settings INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
target_compile_definitions(antiphon-settings INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS
    ANTIPHON_VERSION="${PROJECT_VERSION}")
target_include_directories(antiphon-settings INTERFACE "${PROJECT_SOURCE_DIR}")

# Declares a room of the core: a static library `antiphon-<name>` of the listed sources that may use the listed rooms and libraries.
# Headers stay reachable from the root of the tree (#include "core/base/result.h"); what a room may include is held by tests/tst_includes.
function(antiphon_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
    add_library(antiphon-${name} STATIC ${ROOM_SOURCES})
    target_link_libraries(antiphon-${name} PUBLIC antiphon-settings Qt6::Core)
    foreach(room IN LISTS ROOM_ROOMS)
        target_link_libraries(antiphon-${name} PUBLIC antiphon-${room})
    endforeach()
    target_link_libraries(antiphon-${name} PUBLIC ${ROOM_LIBRARIES})
    if(NOT name STREQUAL "base")
        target_precompile_headers(antiphon-${name} REUSE_FROM antiphon-base)
    endif()
endfunction()
