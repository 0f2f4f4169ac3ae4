'use client';

import { useEffect, useState } from 'react';
import { Recognizer } from 'speech-emotion';
import { classify, report } from '../consumer.js';

export default function Page() {
  const [label, setLabel] = useState('');
  useEffect(() => {
    report(() => classify(Recognizer)).then(() => setLabel(globalThis.consumer.label));
  }, []);
  return <p>{label}</p>;
}
