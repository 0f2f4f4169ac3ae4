#!/usr/bin/env python3
"""Makes the seeds of the targets analyze, stream, weights and encoded.

    apt install flac vorbis-tools lame
    python3 fuzz/seeds/make.py

The first three are bytes from a seeded generator, some with a moment of espeak-ng's speech at their end, from which
lengths and samples are drawn; the last are that moment in every container and encoding that is read.
"""

import pathlib
import random
import struct
import subprocess

HERE = pathlib.Path(__file__).parent
SPEECH = HERE / "../../tests/fixtures/speech/eleven.wav"
FRAMES = slice(6000, 7200)


def wav(samples, rate, kind, bits):
    data = b"".join(samples)
    frame = bits // 8
    form = struct.pack("<HHIIHH", kind, 1, rate, rate * frame, frame, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def aiff(pcm):
    rate = struct.pack(">HQ", 0x400D, 22_050 << 49)  # 80 bits: 2^14 times a mantissa
    comm = struct.pack(">hIh", 1, len(pcm), 16) + rate
    ssnd = bytes(8) + struct.pack(f">{len(pcm)}h", *pcm)
    chunks = b"AIFFCOMM" + struct.pack(">I", len(comm)) + comm + b"SSND" + struct.pack(">I", len(ssnd)) + ssnd
    return b"FORM" + struct.pack(">I", len(chunks)) + chunks


def main():
    bytes_ = SPEECH.read_bytes()[44:]
    pcm = struct.unpack(f"<{len(bytes_) // 2}h", bytes_)[FRAMES]
    speech = struct.pack(f"<{len(pcm)}h", *pcm)
    for target, most in [("analyze", 2000), ("stream", 2000), ("weights", 200)]:
        folder = HERE / target
        folder.mkdir(exist_ok=True)
        rng = random.Random(target)
        for index in range(24):
            seed = rng.randbytes(rng.randrange(8, most))
            if most == 2000 and index % 3 == 0:
                seed = rng.randbytes(24) + speech + rng.randbytes(24)
            (folder / f"{index:02}").write_bytes(seed)

    folder = HERE / "encoded"
    folder.mkdir(exist_ok=True)
    rate = 22_050
    (folder / "8.wav").write_bytes(wav([struct.pack("<B", (s >> 8) + 128) for s in pcm], rate, 1, 8))
    (folder / "16.wav").write_bytes(wav([struct.pack("<h", s) for s in pcm], rate, 1, 16))
    (folder / "24.wav").write_bytes(wav([struct.pack("<i", s << 8)[:3] for s in pcm], rate, 1, 24))
    (folder / "float.wav").write_bytes(wav([struct.pack("<f", s / 32768) for s in pcm], rate, 3, 32))
    (folder / "16.aiff").write_bytes(aiff(pcm))
    source = str(folder / "16.wav")
    for command in (
        ["flac", "-sf", "-o", str(folder / "16.flac"), source],
        ["oggenc", "-Q", "-q", "0", "-o", str(folder / "vorbis.ogg"), source],
        ["lame", "--quiet", "-b", "32", source, str(folder / "32.mp3")],
    ):
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
