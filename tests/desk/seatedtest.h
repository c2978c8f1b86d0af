#pragma once

#include "tests/desk/deskfixture.h"

#include <QObject>

#include <memory>

namespace antiphon::test {

/// A test at a desk of its own, with the owner's session open.
class SeatedTest : public QObject {
    Q_OBJECT
protected:
    std::unique_ptr<DeskFixture> m_desk{};
    std::unique_ptr<Seat> m_seat{};

private slots:
    void init()
    {
        m_desk = std::make_unique<DeskFixture>();
        m_seat = std::make_unique<Seat>(*m_desk->desk);
        m_seat->open(DeskFixture::token(Agent::Role::Owner));
    }
    void cleanup()
    {
        m_seat.reset();
        m_desk.reset();
    }
};

} // namespace antiphon::test
