import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';

export default { base: './', plugins: [svelte(), vue()] };
