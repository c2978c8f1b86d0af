#include "core/net/addressrules.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class AddressRulesTest : public QObject {
    Q_OBJECT
private slots:
    void onlyOrdinaryAddressesArePublic_data()
    {
        QTest::addColumn<bool>("isPublic");
        for (const char *address : {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "2606:4700::1111", "2a00:1450::8"})
            QTest::newRow(address) << true;
        for (const char *address :
             {"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
              "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1",
              "255.255.255.255", "192.88.99.1", "::", "::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
              "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"})
            QTest::newRow(address) << false;
    }

    void onlyOrdinaryAddressesArePublic()
    {
        const QHostAddress address(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(!address.isNull());
        QTEST(isPublicAddress(address), "isPublic");
    }

    void nothingIsNotPublic() { QVERIFY(!isPublicAddress(QHostAddress())); }
};

ANTIPHON_TEST(AddressRulesTest)
#include "tst_addressrules.moc"
