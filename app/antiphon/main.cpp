#include "app/host/certificatefile.h"
#include "app/host/process.h"
#include "app/host/showrequest.h"
#include "app/host/startup.h"
#include "core/base/logging.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/notices/desktoptoasts.h"
#include "ui/settings/language.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/apptheme.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QIcon>

#include <cstdio>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

constexpr char kName[] = "antiphon";

/// What the window stands on: the client, and where there is a server of our own, that too.
class Program {
public:
    /// @param settings the window's own file; empty: the user's place.
    Program(QApplication &app, const QString &settings) : m_settings(settings)
    {
        m_language.use(m_settings.language());
        QObject::connect(&m_settings, &UiSettings::languageChanged, &m_language, &Language::use);
        m_settings.applyTo(m_theme);
        applyTheme(app, m_theme);
    }

    ~Program()
    {
        m_window.reset();
        m_client.reset();
    }

    /// @param certificate of our own server where it speaks TLS: the one file everybody was told on the command line.
    void open(const QUrl &desk, const QString &token, const QString &certificate)
    {
        m_client = std::make_unique<DeskClient>(desk, token);
        if (!certificate.isEmpty())
            m_client->trust(certificatesOf(certificate).value(0));
        m_window = std::make_unique<MainWindow>(*m_client, m_theme, m_settings, m_clock);
        m_toasts = std::make_unique<DesktopToasts>(QDBusConnection::sessionBus());
        m_window->announceOn(*m_toasts);
        m_client->open();
        m_window->show();
    }

    void raise()
    {
        if (m_window)
            m_window->bringToFront();
    }

private:
    SystemClock m_clock;
    UiSettings m_settings;
    Language m_language;
    Theme m_theme;
    std::unique_ptr<DeskClient> m_client;
    std::unique_ptr<DesktopToasts> m_toasts;
    std::unique_ptr<MainWindow> m_window;
};

/// `--connect`: the window alone, at another server's desk. The access token comes from the file that ANTIPHON_TOKEN_FILE names, else from the data folder (a
/// server of the same user beside it): never from the command line, which everybody can read.
int runConnected(QApplication &app, const Options &options)
{
    const QString named = qEnvironmentVariable("ANTIPHON_TOKEN_FILE");
    QFile file(named.isEmpty() ? QDir(options.dataDir).filePath(u"token"_s) : named);
    if (!file.open(QIODevice::ReadOnly)) {
        return refuseToStart(kName, {Error::Kind::Invalid,
                                     u"--connect needs that server's access token: %1 can't be read. Name a copy of its token file in ANTIPHON_TOKEN_FILE"_s.arg(
                                         file.fileName())});
    }
    Program program(app, {});
    program.open(options.connectTo, QString::fromLatin1(file.readAll().trimmed()), {});
    process::StopSignal stopSignal;
    QObject::connect(&stopSignal, &process::StopSignal::stopRequested, &app, &QCoreApplication::quit);
    return app.exec();
}

} // namespace

int main(int argc, char **argv)
{
    process::keepMemoryPrivate();
    QCoreApplication::setOrganizationName(u"Antiphon"_s);
    QCoreApplication::setApplicationName(u"Antiphon"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(ANTIPHON_VERSION));
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    const auto options = parseOptions(arguments, Options::Program::Window);   // help and version need no display
    if (!options)
        return refuseToStart(kName, options.error());
    if (options->request != Options::Request::Run) {
        std::fputs(qPrintable(options->text), stdout);
        return 0;
    }

    QApplication app(argc, argv);
    QGuiApplication::setDesktopFileName(u"org.antiphon.Antiphon"_s);
    QApplication::setWindowIcon(QIcon::fromTheme(u"org.antiphon.Antiphon"_s));
    if (!options->connectTo.isEmpty())
        return runConnected(app, *options);

    const auto startup = prepareStartup(*options);
    if (!startup) {
        const bool isHeld = startup.error().kind == Error::Kind::Unavailable && !options->demo;
        if (isHeld && ShowRequest::send(options->dataDir))
            return 0;   // the running one shows its window
        return refuseToStart(kName, startup.error());
    }
    DemoRun *demo = startup->demo.get();

    int code = 0;
    Program program(app, demo ? startup->dataDir->file(u"window.ini"_s) : QString());
    ShowRequest showRequest(startup->dataDir->path());
    showRequest.listen();
    QObject::connect(&showRequest, &ShowRequest::requested, &app, [&program] { program.raise(); });
    process::StopSignal stopSignal;
    ServerHost host(startup->setup);
    QObject::connect(&stopSignal, &process::StopSignal::stopRequested, &app, &QCoreApplication::quit);
    QObject::connect(&host, &ServerHost::failed, &app, [&](const Error &error) {
        code = refuseToStart(kName, error);
        app.quit();
    });
    QObject::connect(&host, &ServerHost::ready, &app, [&](int intakePort, int deskPort) {
        printReady(intakePort, deskPort);
        const QUrl desk(u"%1://127.0.0.1:%2"_s.arg(options->tlsKey.isEmpty() ? u"ws"_s : u"wss"_s).arg(deskPort));
        if (!demo) {
            program.open(desk, startup->ownerToken(), options->tlsCertificate);
        } else {
            QObject::connect(demo, &DemoRun::named, &app, [&program, &startup, desk] { program.open(desk, startup->ownerToken(), {}); });
            demo->connectAccount(desk, startup->ownerToken(), [](const Result<void> &connected) {
                if (!connected)
                    qCCritical(lcApp).noquote() << "the demo's account was not connected:" << describe(connected.error());
            });
        }
    });
    host.start();
    app.exec();
    return code;
}
