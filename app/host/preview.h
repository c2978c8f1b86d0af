#pragma once

#include <QByteArray>

namespace antiphon {

/// A JPEG of at most 240 pixels a side, for platforms that want a small picture beside a file. Any thread; costs some tens of milliseconds.
/// @return a plain tile where the bytes are no picture that can be read, or too large a one
QByteArray smallPicture(const QByteArray &picture);

/// What stands for a video: a dark tile with a triangle.
QByteArray videoTile();

} // namespace antiphon
