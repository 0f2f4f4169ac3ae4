/** What the build writes into the service worker. */
declare const FILES: string[];
declare const VERSION: string;
