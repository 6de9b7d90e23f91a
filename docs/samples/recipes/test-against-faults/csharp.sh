# The page "Downloads" says how to install recoveryconnect-faults in this folder.
# With .NET
dotnet new console --output adapter
cp Adapter.cs adapter/Program.cs
dotnet build adapter --output built
npx --no-install recoveryconnect-faults judge -- dotnet built/adapter.dll

# With Mono
mcs -r:System.Net.Http.dll Adapter.cs
npx --no-install recoveryconnect-faults judge -- mono Adapter.exe
