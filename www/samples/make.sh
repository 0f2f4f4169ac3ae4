#!/bin/sh
# Makes the demo's samples: espeak-ng's voices, nobody's, with pitch, range and pace set to differ. Run it in this folder;
# espeak-ng 1.51 and lame 3.100 made the files that are kept here. samples.json names them.
set -eu
say() { # file, voice, words a minute, pitch, amplitude, text
  espeak-ng -v "$2" -s "$3" -p "$4" -a "$5" --stdout "$6" | lame --quiet -m m --resample 22.05 -b 48 - "$1.mp3"
}
say bright en-gb+f3 190 85 160 "Oh, look at that! The whole street is covered in snow, and the buses have stopped!"
say low en-us 115 18 60 "I waited at the station until it was dark. Nobody came, and the last train had gone."
say loud en-us+m3 205 70 200 "No! I told you twice already! Take it off the table, right now!"
say plain en-us 160 45 100 "The shop on the corner opens at eight and closes at six, except on Sundays."
# And one without a word in it: a low hum, for what the speech gate does with it.
python3 - <<'PYTHON' | lame --quiet -m m -r -s 22.05 --bitwidth 16 -b 48 - hum.mp3
import math, struct, sys
for n in range(3 * 22050):
    t = n / 22050
    value = 0.25 * math.sin(2 * math.pi * 110 * t) + 0.12 * math.sin(2 * math.pi * 220 * t + 1)
    sys.stdout.buffer.write(struct.pack('<h', int(value * 32767 * min(1, 8 * t, 8 * (3 - t)))))
PYTHON
