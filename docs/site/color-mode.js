// Sets light or dark before the first paint: the reader's choice, or else the system's setting. Redoc uses the same key.
let mode
try {
  mode = localStorage.getItem('redoc.colorMode')
} catch {
  // If storage is blocked, the system's setting applies.
}
if (mode !== 'light' && mode !== 'dark')
  mode = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.documentElement.classList.add(mode)
