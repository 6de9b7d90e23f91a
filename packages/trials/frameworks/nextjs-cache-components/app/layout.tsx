import type { ReactNode } from 'react'

/** Without the starter's fonts, which it loads from Google. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
