      ******************************************************************
      * ENTRY: one entry of an account, without its group; COPY it with
      * REPLACING ==:TAG:== BY the prefix.
      ******************************************************************
                   15  :TAG:-ENTRY-NUMBER      PIC 9(09) COMP.
                   15  :TAG:-BOOKED-ON         PIC 9(08).
                   15  :TAG:-BOOKED-AT         PIC 9(06).
                   15  :TAG:-AMOUNT            PIC S9(11)V99.
                   15  :TAG:-BALANCE           PIC S9(13)V99 COMP-3.
                   15  :TAG:-KIND              PIC X(01).
                       88  :TAG:-POSTING       VALUE 'P'.
                       88  :TAG:-REVERSAL      VALUE 'R'.
                   15  :TAG:-DETAIL            PIC X(46).
                   15  :TAG:-POSTING-DETAIL    REDEFINES :TAG:-DETAIL.
                       20  :TAG:-REFERENCE     PIC X(16).
                       20  :TAG:-TEXT          PIC X(30).
                   15  :TAG:-REVERSAL-DETAIL   REDEFINES :TAG:-DETAIL.
                       20  :TAG:-OWN-REFERENCE PIC X(16).
                       20  :TAG:-REVERSES      PIC X(16).
                       20  :TAG:-REVERSED-ENTRY
                                               PIC 9(09) COMP.
                       20  FILLER              PIC X(10).
