import { Recognizer } from './node_modules/speech-emotion/index.js';
import { classify, report } from './consumer.js';

report(() => classify(Recognizer));
