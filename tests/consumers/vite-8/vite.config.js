// A sub-path that is not known at build time.
export default { base: './' };
