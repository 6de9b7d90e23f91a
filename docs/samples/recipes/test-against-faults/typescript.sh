npx recoveryconnect-faults judge -- node adapter.ts
