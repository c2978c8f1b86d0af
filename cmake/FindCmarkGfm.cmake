# GitHub's CommonMark with its extensions (tables, ~~), whose library of extensions has no description of its own on Debian: CmarkGfm::CmarkGfm.
find_path(CmarkGfm_INCLUDE_DIR cmark-gfm-core-extensions.h)
find_library(CmarkGfm_LIBRARY cmark-gfm)
find_library(CmarkGfm_EXTENSIONS_LIBRARY cmark-gfm-extensions)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CmarkGfm REQUIRED_VARS CmarkGfm_LIBRARY CmarkGfm_EXTENSIONS_LIBRARY CmarkGfm_INCLUDE_DIR)
mark_as_advanced(CmarkGfm_INCLUDE_DIR CmarkGfm_LIBRARY CmarkGfm_EXTENSIONS_LIBRARY)
if(CmarkGfm_FOUND AND NOT TARGET CmarkGfm::CmarkGfm)
    add_library(CmarkGfm::CmarkGfm UNKNOWN IMPORTED)
    set_target_properties(CmarkGfm::CmarkGfm PROPERTIES
        IMPORTED_LOCATION "${CmarkGfm_EXTENSIONS_LIBRARY}"
        INTERFACE_LINK_LIBRARIES "${CmarkGfm_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CmarkGfm_INCLUDE_DIR}")    # of imported targets: as system headers, whose warnings are nobody's here
endif()
