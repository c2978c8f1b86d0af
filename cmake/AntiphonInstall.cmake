# What `cmake --install` puts where, and the packages cpack makes of it. packaging/deb runs both.
include(GNUInstallDirs)

foreach(program antiphon antiphon-server)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()

set(desktop "${PROJECT_SOURCE_DIR}/resources/desktop")
install(FILES "${desktop}/org.antiphon.Antiphon.desktop" DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES "${desktop}/org.antiphon.Antiphon.metainfo.xml" DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(DIRECTORY "${desktop}/icons" DESTINATION ${CMAKE_INSTALL_DATADIR})
install(FILES "${PROJECT_SOURCE_DIR}/packaging/debian/copyright" "${PROJECT_SOURCE_DIR}/CHANGELOG.md" DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_file("${PROJECT_SOURCE_DIR}/packaging/systemd/antiphon-server.service.in" "${PROJECT_BINARY_DIR}/antiphon-server.service" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/antiphon-server.service" DESTINATION lib/systemd/user)

set(CPACK_PACKAGE_NAME antiphon)
set(CPACK_PACKAGE_VENDOR "The Antiphon authors")
set(CPACK_PACKAGE_CONTACT "The Antiphon authors <maintainers@antiphon.example>")
set(CPACK_PACKAGE_HOMEPAGE_URL "https://antiphon.example/")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "inbox for a small business's customer messages")
set(CPACK_PACKAGE_DESCRIPTION_FILE "${PROJECT_SOURCE_DIR}/packaging/debian/description")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${CPACK_PACKAGE_CONTACT}")
file(READ "${PROJECT_SOURCE_DIR}/packaging/debian/description" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is loaded at run time, so that no tool sees it in the programs: Qt's plugins for SQLite, SVG and WebP, libsecret behind QtKeychain,
# the certificates TLS is checked against, and the two fonts the window names.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "libqt6sql6-sqlite, libqt6svg6, libqt6multimedia6, gstreamer1.0-plugins-good, qt6-image-formats-plugins, libsecret-1-0, ca-certificates, fonts-noto-core, fonts-noto-color-emoji")
# Wayland, opening links in the browser, the strings of Qt's own dialogs; scripts beyond Latin in East Asia.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland, xdg-utils, qt6-translations-l10n, fonts-noto-cjk")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnome-keyring, openssh-client")
include(CPack)
