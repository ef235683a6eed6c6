      ******************************************************************
      * REVENT: reverse an entry, found by the reference it was posted
      * with. The reversal is an entry of its own, with a reference of
      * its own. COMMAREA of program REVENT.
      ******************************************************************
       01  RE-AREA.
           05  RE-REQUEST.
               10  RE-REFERENCE                PIC X(16).
               10  RE-ORIGINAL-REFERENCE       PIC X(16).
           05  RE-REPLY.
               10  RE-STATUS                   PIC X(02).
                   88  RE-OK                   VALUE 'OK'.
                   88  RE-NOT-FOUND            VALUE 'NF'.
                   88  RE-ALREADY-REVERSED     VALUE 'AR'.
                   88  RE-DUPLICATE            VALUE 'DU'.
               10  RE-ENTRY-NUMBER             PIC 9(09) COMP.
               10  RE-BALANCE                  PIC S9(13)V99 COMP-3.
