      ******************************************************************
      * EFFECT: one line of the effects journal, all of it characters.
      ******************************************************************
       01  EFFECT-LINE.
           05  EF-PROGRAM              PIC X(08).
           05  EF-REFERENCE            PIC X(16).
           05  EF-ACCOUNT              PIC X(10).
           05  EF-DIRECTION            PIC X(01).
           05  EF-AMOUNT               PIC S9(13)V99
                                       SIGN LEADING SEPARATE.
           05  EF-BALANCE              PIC S9(13)V99
                                       SIGN LEADING SEPARATE.
           05  EF-CURRENCY             PIC X(03).
           05  EF-ENTRY-NUMBER         PIC 9(09).
