import { defineConfig } from 'vite'

export default defineConfig({ preview: { proxy: { '/api': process.env.SANDBOX_URL ?? '' } } })
