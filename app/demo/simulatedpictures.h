#pragma once

#include <QByteArray>
#include <QSize>

/// Bytes that simulated platforms hand out as media: drawn here, so that no file has to travel with the program. Any thread.
namespace antiphon::demo::pictures {

/// A jug and a mug on a shelf before a warm wall; `variant` changes the colours.
QByteArray shelfJpeg(int variant, QSize size = {960, 540});
QByteArray shelfPng(int variant, QSize size = {480, 270});

/// A round face of colour for a profile; the same seed gives the same picture.
QByteArray profilePng(const QByteArray &seed, int edge = 128);

/// A smiling mug on nothing, for stickers and emoji pictures.
QByteArray stickerPng(int variant, int edge = 160);

/// The head of an MP4 file (ftyp, an empty moov, mdat): recognised as a video, holds no frame.
QByteArray tinyMp4();

} // namespace antiphon::demo::pictures
