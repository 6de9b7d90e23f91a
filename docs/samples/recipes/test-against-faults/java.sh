npx recoveryconnect-faults judge -- java Adapter.java
