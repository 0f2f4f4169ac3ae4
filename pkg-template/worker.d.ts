/** A worker's script, with nothing to import from: the address of the file is what counts. */
export {};
