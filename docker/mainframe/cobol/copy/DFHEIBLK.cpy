      ******************************************************************
      * DFHEIBLK: what the region tells a program about its task: the
      * part of the EXEC interface block that these programs use. CICS
      * has date and time packed; here they are display, in UTC.
      ******************************************************************
       01  DFHEIBLK.
           05  EIBCALEN                PIC S9(09) COMP-5.
           05  EIBDATE                 PIC 9(08).
           05  EIBTIME                 PIC 9(06).
           05  EIB-DEDUPE              PIC X(01).
               88  EIB-DETECTS-DUPLICATES VALUE 'Y'.
