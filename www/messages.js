/** Errors as a person meets them: what happened and what to do. */

const FILE = 'or choose a file instead';

/** By the package's error codes, this page's own, and the names of the browser's errors. */
const SENTENCES = /** @type {Record<string, string>} */ ({
  'microphone-denied': `The microphone is blocked for this page. Allow it in the site settings, beside the page’s address, and press Speak again, ${FILE}.`,
  'microphone-missing': `No microphone was found. Connect one, or pick another under Choices, and press Speak again, ${FILE}.`,
  'microphone-failed': `The microphone could not be opened; another program may hold it. Close that program and press Speak again, ${FILE}.`,
  'microphone-lost': `The microphone was unplugged or switched off. Connect it and press Speak again, ${FILE}. What was heard is kept below.`,
  'insecure-context': `Browsers give the microphone only to pages served over https or from localhost. Open this page that way, ${FILE}.`,
  'no-audio': `This browser cannot record in a page. Update it, ${FILE}.`,
  'worklet-failed': `A part of this page that records could not be loaded. Check your connection and reload the page.`,
  'no-wasm': `This browser has WebAssembly switched off, which the network needs. Switch it on or open this page in another browser.`,
  'no-simd': `This browser lacks WebAssembly SIMD, which the network needs. Update it: Chrome 91, Firefox 89 and Safari 16.4 have it.`,
  'load-failed': `The network could not be loaded. Check your connection and reload this page.`,
  'worker-failed': `The analysis stopped unexpectedly. Reload this page and try again.`,
  decode: `This browser cannot decode that file. Choose another one: WAV, MP3, FLAC and Ogg work in most browsers.`,
  unreadable: `That file could not be read; it may have been moved, or another program holds it. Choose it again.`,
  'no-file': `What was dropped is not a file. Drop an audio file from your computer, or press Choose a file.`,
  'out-of-memory': `That file needs more memory than the browser has for it. Close other tabs, or cut the file into shorter parts and choose one of them.`,
  'too-long': `That file is longer than an hour. Cut out the part that you want to hear about and choose that.`,
  'too-short': `That was too short: the network needs at least a quarter of a second. Speak a whole sentence.`,
  'empty-audio': `There was no sound in that at all. Check that the microphone is on and try again, ${FILE}.`,
  'sample-rate': `That file’s sample rate is out of 8 to 192 kHz. Convert it to 44.1 kHz and choose the copy.`,
  'non-finite-sample': `That file holds samples that are not numbers. Save it again from an audio editor and choose the copy.`,
  'no-speech': `Too little speech was heard for that. Speak for some seconds and try again.`,
  NotReadableError: `That file could not be read; it may have been moved, or another program holds it. Choose it again.`,
  EncodingError: `This browser cannot decode that file. Choose another one: WAV, MP3, FLAC and Ogg work in most browsers.`,
});

/** What engines say when there is no memory left, in an error without a name for it. */
const MEMORY =
  /out of memory|allocation failed|invalid (typed )?array (buffer )?length|memory access out of bounds/i;

/**
 * @param {unknown} error
 * @returns {string} its code or its name
 */
export function codeOf(error) {
  const { code, name, message } = /** @type {{ code?: unknown, name?: string, message?: string }} */ (
    error ?? {}
  );
  // A DOMException's own `code` is a number from long ago: its name is what tells.
  if (typeof code === 'string')
    return code === 'load-failed' && MEMORY.test(message ?? '') ? 'out-of-memory' : code;
  if (name === 'QuotaExceededError' || MEMORY.test(message ?? '')) return 'out-of-memory';
  return name ?? '';
}

/**
 * @param {unknown} error
 * @returns {string} a sentence or two, never empty
 */
export function sentenceFor(error) {
  const { message } = /** @type {{ message?: string }} */ (error ?? {});
  const known = SENTENCES[codeOf(error)];
  return known ?? `That did not work (${message || String(error)}). Reload this page and try again.`;
}

/**
 * An error of this page's own.
 * @param {string} code
 * @param {unknown} [cause]
 */
export function problem(code, cause) {
  return Object.assign(new Error(code, { cause }), { code });
}

/**
 * What the microphone really gives: a browser may keep what it was asked to switch off.
 * @param {string} name the device's
 * @param {number} sampleRate Hz
 * @param {MediaTrackSettings} settings as the track reports them
 */
export function describeMicrophone(name, sampleRate, settings) {
  const { echoCancellation, noiseSuppression, autoGainControl } = settings;
  const processing = /** @type {[string, unknown][]} */ ([
    ['echo cancellation', echoCancellation],
    ['noise suppression', noiseSuppression],
    ['gain control', autoGainControl],
  ]);
  const kept = processing.filter(([, state]) => state !== undefined && state !== false).map(([what]) => what);
  const unknown = processing.every(([, state]) => state === undefined);
  const how =
    kept.length > 0 ? `with ${kept.join(' and ')}` : unknown ? 'as the browser gives it' : 'unprocessed';
  return `${name || 'Microphone'}, ${sampleRate / 1000} kHz, ${how}`;
}
