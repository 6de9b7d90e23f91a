# The page "Downloads" says how to install recoveryconnect-faults in this folder.
npx --no-install recoveryconnect-faults judge -- node adapter.ts
