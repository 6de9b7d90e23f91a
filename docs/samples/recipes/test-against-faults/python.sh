npx recoveryconnect-faults judge -- python3 adapter.py
