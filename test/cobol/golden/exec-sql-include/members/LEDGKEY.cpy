           05  LEDGER-KEY           PIC 9(12).
