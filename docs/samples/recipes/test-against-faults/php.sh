npx recoveryconnect-faults judge -- php adapter.php
