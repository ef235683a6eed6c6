      ******************************************************************
      * LSTENT: list the newest entries of an account, newest first.
      * COMMAREA of program LSTENT.
      ******************************************************************
       01  LE-AREA.
           05  LE-REQUEST.
               10  LE-ACCOUNT-NUMBER           PIC X(10).
               10  LE-BEFORE-ENTRY             PIC 9(09) COMP.
           05  LE-REPLY.
               10  LE-STATUS                   PIC X(02).
                   88  LE-OK                   VALUE 'OK'.
                   88  LE-NOT-FOUND            VALUE 'NF'.
               10  LE-ENTRY-COUNT              PIC 9(04) COMP.
               10  LE-ENTRIES                  OCCURS 0 TO 50 TIMES
                                   DEPENDING ON LE-ENTRY-COUNT.
                   COPY ENTRY REPLACING ==:TAG:== BY ==LE==.
