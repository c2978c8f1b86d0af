#include "tests/house/sourcetree.h"
#include "tests/support/testmain.h"

#include <QColor>
#include <QFileInfo>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTest>

#include <cmath>

using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// Relative luminance of WCAG 2.1, 0 to 1.
double luminance(const QColor &colour)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

/// Contrast ratio of WCAG 2.1, 1 to 21.
double contrast(const QColor &a, const QColor &b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QImage render(const QByteArray &svg, QSize size)
{
    QSvgRenderer renderer(svg);
    QImage image(size, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    if (renderer.isValid()) {
        QPainter painter(&image);
        renderer.render(&painter);
    }
    return image;
}

bool isBlank(const QImage &image)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) > 0)
                return false;
        }
    }
    return true;
}

/// Mean difference of a channel, 0 to 255, transparent pixels counted as equal whatever their colour.
double difference(const QImage &a, const QImage &b)
{
    double sum = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = qPremultiply(a.pixel(x, y));
            const QRgb q = qPremultiply(b.pixel(x, y));
            sum += std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q))
                + std::abs(qAlpha(p) - qAlpha(q));
        }
    }
    return sum / (4.0 * a.width() * a.height());
}

} // namespace

/// Colours and pictures, before any widget uses them.
class ResourcesTest : public QObject {
    Q_OBJECT
private slots:
    void contrastIsThatOfTheStandard()
    {
        QVERIFY(qAbs(contrast(Qt::black, Qt::white) - 21.0) < 0.001);
        QVERIFY(qAbs(contrast(QColor(u"#777777"_s), Qt::white) - 4.478) < 0.001);
        QVERIFY(qAbs(contrast(QColor(u"#767676"_s), Qt::white) - 4.542) < 0.001);
    }

    void everyColourIsGivenForLightAndDark()
    {
        static const QRegularExpression hex(u"^#[0-9A-F]{6}$"_s);
        const QStringList names = m_colours.keys();
        QVERIFY(names.size() > 50);
        for (const QString &name : names) {
            const QJsonArray themes = m_colours[name].toArray();
            QVERIFY2(themes.size() == 2, qPrintable(name));
            for (const QJsonValue &value : themes)
                QVERIFY2(hex.match(value.toString()).hasMatch(), qPrintable(name));
        }
    }

    void everyPairReachesItsContrast_data()
    {
        QTest::addColumn<QString>("front");
        QTest::addColumn<QString>("back");
        QTest::addColumn<double>("least");
        int pairs = 0;
        const QJsonArray all = m_tokens["pairs"_L1].toArray();
        for (const QJsonValue &value : all) {
            const QJsonArray pair = value.toArray();
            const QJsonArray backs = pair[1].toArray();
            for (const QJsonValue &back : backs) {
                ++pairs;
                QTest::addRow("%s on %s", qPrintable(pair[0].toString()), qPrintable(back.toString()))
                    << pair[0].toString() << back.toString() << pair[2].toDouble();
            }
        }
        QVERIFY(pairs > 100);
    }

    void everyPairReachesItsContrast()
    {
        QFETCH(QString, front);
        QFETCH(QString, back);
        QFETCH(double, least);
        QVERIFY(least >= 3);
        QVERIFY2(m_colours.contains(front), qPrintable(front));
        QVERIFY2(m_colours.contains(back), qPrintable(back));
        for (int theme : {0, 1}) {
            const double got = contrast(colour(front, theme), colour(back, theme));
            QVERIFY2(got >= least, qPrintable(u"%1 %2, at least %3"_s.arg(theme == 0 ? u"light"_s : u"dark"_s).arg(got).arg(least)));
        }
    }

    void everyIconDrawsSomething()
    {
        const QStringList icons = SourceTree::files(u"resources/icons"_s, {u".svg"_s});
        QVERIFY(icons.size() > 50);
        for (const QString &path : icons) {
            QByteArray svg = SourceTree::read(path);
            // How the window tints them.
            QVERIFY2(svg.contains("currentColor"), qPrintable(path));
            svg.replace("currentColor", "#000000");
            QSvgRenderer renderer(svg);
            QVERIFY2(renderer.isValid(), qPrintable(path));
            QVERIFY2(renderer.viewBox() == QRect(0, 0, 24, 24), qPrintable(path));
            QVERIFY2(!isBlank(render(svg, {24, 24})), qPrintable(path));
        }
    }

    void theApplicationIconsFollowTheirDrawing()
    {
        const QString icons = u"resources/desktop/icons/hicolor/"_s;
        const QByteArray drawing = SourceTree::read(icons + u"scalable/apps/org.antiphon.Antiphon.svg"_s);
        QVERIFY(!isBlank(render(drawing, {128, 128})));
        for (int size : {16, 24, 32, 48, 64, 128, 256}) {
            const QString path = icons + u"%1x%1/apps/org.antiphon.Antiphon.png"_s.arg(size);
            const QImage image = QImage::fromData(SourceTree::read(path)).convertToFormat(QImage::Format_ARGB32);
            QCOMPARE(image.size(), QSize(size, size));
            const double off = difference(image, render(drawing, image.size()));
            QVERIFY2(off < 6, qPrintable(u"%1: %2; packaging/app-icons draws it anew"_s.arg(path).arg(off)));
        }
    }

private:
    QColor colour(const QString &name, int theme) const { return QColor(m_colours[name].toArray()[theme].toString()); }

    const QJsonObject m_tokens = QJsonDocument::fromJson(SourceTree::read(u"resources/tokens.json"_s)).object();
    const QJsonObject m_colours = m_tokens["colours"_L1].toObject();
};

ANTIPHON_TEST(ResourcesTest)
#include "tst_resources.moc"
