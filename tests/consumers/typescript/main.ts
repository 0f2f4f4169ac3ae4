import {
  type Analysis,
  type ErrorCode,
  type ListenSession,
  type Segment,
  Recognizer,
  SpeechEmotionError,
} from 'speech-emotion';

export async function label(file: File): Promise<string> {
  const recognizer = await Recognizer.load({
    onProgress: ({ loaded, total }) => console.log(loaded, total ?? 0),
  });
  try {
    const analysis: Analysis = await recognizer.analyze(file, { onProgress: (share) => console.log(share) });
    return analysis.label === null
      ? 'no speech'
      : `${analysis.label}: ${analysis.probabilities[analysis.label]}`;
  } catch (error) {
    if (!(error instanceof SpeechEmotionError)) throw error;
    const code: ErrorCode = error.code;
    return code;
  } finally {
    recognizer.dispose();
  }
}

export function hear(recognizer: Recognizer, show: (segment: Segment) => void): Promise<ListenSession> {
  return recognizer.listen({ onPrediction: show, onSpeechStart: ({ time }) => console.log(time) });
}
