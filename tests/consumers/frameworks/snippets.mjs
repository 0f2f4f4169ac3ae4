// The components of the package's README, as files.
import { readFileSync, writeFileSync } from 'node:fs';

const readme = readFileSync('node_modules/speech-emotion/README.md', 'utf8');
for (const [language, file] of Object.entries({
  jsx: 'React.jsx',
  vue: 'Vue.vue',
  svelte: 'Svelte.svelte',
})) {
  const [, code] = readme.match(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms')) ?? [];
  if (!code) throw new Error(`expected a ${language} snippet in the README, found none`);
  writeFileSync(file, code);
}
