      ******************************************************************
      * FILECALL: what a program asks of a file program, and its answer.
      ******************************************************************
       01  FILE-CALL.
           05  FC-VERB                 PIC X(08).
               88  FC-OPEN             VALUE 'OPEN'.
               88  FC-CLOSE            VALUE 'CLOSE'.
      *        LOAD writes or overwrites and logs nothing: recovery.
               88  FC-LOAD             VALUE 'LOAD'.
               88  FC-READ             VALUE 'READ'.
               88  FC-WRITE            VALUE 'WRITE'.
               88  FC-REWRITE          VALUE 'REWRITE'.
      *        By reference: the first match, then the ones after it.
               88  FC-FIND             VALUE 'FIND'.
               88  FC-NEXT             VALUE 'NEXT'.
      *        By account, downwards from a number that is not included.
               88  FC-BROWSE           VALUE 'BROWSE'.
               88  FC-PRIOR            VALUE 'PRIOR'.
           05  FC-RESULT               PIC X(02).
               88  FC-OK               VALUE 'OK'.
               88  FC-NOT-FOUND        VALUE 'NF'.
