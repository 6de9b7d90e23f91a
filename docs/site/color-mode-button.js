// The switch between light and dark. It stays hidden where scripts do not run, and the system's choice holds.
const button = document.querySelector('#color-mode')
const root = document.documentElement

button.hidden = false
show()
button.addEventListener('click', () => {
  const mode = root.classList.contains('dark') ? 'light' : 'dark'
  root.classList.remove('light', 'dark')
  root.classList.add(mode)
  show()
  try {
    localStorage.setItem('redoc.colorMode', mode)
  } catch {
    // Storage may be blocked; the choice then holds for this page.
  }
})

function show() {
  button.textContent = root.classList.contains('dark') ? 'Light' : 'Dark'
}
