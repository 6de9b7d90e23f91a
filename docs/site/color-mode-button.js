// Switches between light and dark. Without JavaScript, the button stays hidden, and the system's setting applies.
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
    // If storage is blocked, the choice applies to this page only.
  }
})

function show() {
  button.textContent = root.classList.contains('dark') ? 'Light' : 'Dark'
}
