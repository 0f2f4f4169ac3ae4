import { readFileSync } from 'node:fs';

import { Recognizer } from 'speech-emotion';

const recognizer = await Recognizer.load();
const { buffer, byteOffset, byteLength } = readFileSync('clip.wav');
const { label, segments } = await recognizer.analyze(buffer.slice(byteOffset, byteOffset + byteLength));
recognizer.dispose();
console.log(JSON.stringify({ label, segments: segments.length }));
