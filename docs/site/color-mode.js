// Light or dark, before anything is drawn: the reader's choice, else the system's. Redoc keeps the choice by this key.
let mode
try {
  mode = localStorage.getItem('redoc.colorMode')
} catch {
  // Storage may be blocked; the system's choice is then right.
}
if (mode !== 'light' && mode !== 'dark')
  mode = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.documentElement.classList.add(mode)
