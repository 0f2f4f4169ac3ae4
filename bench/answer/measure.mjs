// What is timed, the same in Node and in a page: so it stands alone and imports the package by its address.

/**
 * @typedef {object} Input
 * @property {string} packageUrl the package's entry
 * @property {number[]} speech speech at `sampleRate`, at least 3 s
 * @property {number} sampleRate Hz
 *
 * @typedef {object} Timing
 * @property {number} milliseconds median over the rounds
 * @property {number} lowest ms
 * @property {number} highest ms
 *
 * @typedef {object} Timings for 3 s of speech at 16 kHz
 * @property {Timing} features all of extractFeatures
 * @property {Timing} answer the whole of analyze
 * @property {number} network the part of the answer that does not grow with the clip, milliseconds
 */

/**
 * @param {Input} input
 * @returns {Promise<Timings>}
 */
export async function measure({ packageUrl, speech, sampleRate }) {
  const rounds = 51;
  const warmUpRounds = 5;
  const callsPerRound = 5;
  const { Recognizer, extractFeatures } = await import(packageUrl);
  const recognizer = await Recognizer.load();

  // A clip of up to 3 s is one window for the network, whatever its length, and everything before the network
  // grows with the length: the line through several lengths meets 0 s at the network's time.
  const lengths = [1, 1.5, 2, 2.5, 3];
  const clips = lengths.map((seconds) =>
    Float32Array.from(speech.slice(0, Math.round(seconds * sampleRate))),
  );
  for (const clip of clips) {
    const { label } = await recognizer.analyze(clip, { sampleRate, segments: false });
    if (label === null) throw new Error('expected speech in every clip, got one without: nothing was timed');
  }
  const whole = clips[clips.length - 1];
  const cases = [
    () => extractFeatures(whole, { sampleRate }),
    ...clips.map((clip) => () => recognizer.analyze(clip, { sampleRate, segments: false })),
  ];

  // Every case in each round, so that a busy moment of the machine touches them alike.
  /** @type {number[][]} */
  const times = cases.map(() => []);
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [index, call] of cases.entries()) {
      const start = performance.now();
      for (let count = 0; count < callsPerRound; count++) await call();
      if (round >= 0) times[index]?.push((performance.now() - start) / callsPerRound);
    }
  }
  recognizer.dispose();

  const [features, ...answers] = times.map((values) => {
    values.sort((a, b) => a - b);
    const [lowest = 0, milliseconds = 0, highest = 0] = [0, rounds >> 1, rounds - 1].map((i) => values[i]);
    return { milliseconds, lowest, highest };
  });
  const answer = answers[answers.length - 1];
  if (!features || !answer) throw new Error('expected timings, got none');

  const mean = (/** @type {number[]} */ values) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const y = answers.map(({ milliseconds }) => milliseconds);
  const [meanX, meanY] = [mean(lengths), mean(y)];
  const slope =
    mean(lengths.map((length, i) => (length - meanX) * ((y[i] ?? 0) - meanY))) /
    mean(lengths.map((length) => (length - meanX) ** 2));
  return { features, answer, network: meanY - slope * meanX };
}
