01 NAMES.
  05 CA-REQUEST-ID  PIC X.
  05 9A-CODE        PIC X.
  05 YEAR           PIC 9.
  05 GRP.
     10 YEAR        PIC 9.
