// Runs before anything else: schemas must not try whether code may be made of strings, which the content security policy
// refuses and reports, and the first paint has the chosen theme.
globalThis.__zod_globalConfig = { jitless: true };
try {
  const theme = localStorage.getItem('orgn.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing for this site shows the theme of its system.
}
