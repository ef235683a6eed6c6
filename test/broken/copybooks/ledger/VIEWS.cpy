       01  VW-AREA.
           05  VW-STATUS               PIC X(02).
           05  VW-DETAIL               PIC X(10).
           05  VW-DATE                 REDEFINES VW-DETAIL PIC 9(08).
