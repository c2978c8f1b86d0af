#include "core/net/formdata.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class FormDataTest : public QObject {
    Q_OBJECT
private slots:
    void encodesEveryValueByItself()
    {
        const QUrl url = platformUrl(QUrl(u"https://example.com"_s), u"/open_api/v1.3/x/"_s, {{u"id"_s, u"cnv+Zm9v/Y0=="_s}, {u"f"_s, u"[\"a b\",\"ü\"]"_s}});
        QCOMPARE(url.query(QUrl::FullyEncoded), u"id=cnv%2BZm9v%2FY0%3D%3D&f=%5B%22a%20b%22%2C%22%C3%BC%22%5D"_s);
        QCOMPARE(url.toEncoded(), QByteArray("https://example.com/open_api/v1.3/x/?id=cnv%2BZm9v%2FY0%3D%3D&f=%5B%22a%20b%22%2C%22%C3%BC%22%5D"));
    }

    void keepsThePrefixOfAnOverride()
    {
        QCOMPARE(platformUrl(QUrl(u"http://127.0.0.1:99/proxy/"_s), u"/v/x/"_s).toString(), u"http://127.0.0.1:99/proxy/v/x/"_s);
        QVERIFY(!platformUrl(QUrl(u"http://127.0.0.1:99"_s), u"/v/x/"_s).hasQuery());
    }

    void buildsMultipartBodies()
    {
        FormData form("B0");
        form.addField("business_id", "biz");
        form.addFile("file", u"a\"b\r\n.png"_s, "image/png", QByteArray("\x89\0P", 3));
        QCOMPARE(form.contentType(), QByteArray("multipart/form-data; boundary=B0"));
        QCOMPARE(form.body(), QByteArray("--B0\r\nContent-Disposition: form-data; name=\"business_id\"\r\n\r\nbiz\r\n"
                                         "--B0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%0D%0A.png\"\r\nContent-Type: image/png\r\n\r\n")
                                  + QByteArray("\x89\0P", 3) + "\r\n--B0--\r\n");
    }
};

ANTIPHON_TEST(FormDataTest)
#include "tst_formdata.moc"
